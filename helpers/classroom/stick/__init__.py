"""What goes on a stick for a room without a network: wheels, and a start on the learner's side."""

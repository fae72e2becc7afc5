"""What two lessons share: faces, nets, the chapter's loop, figures, checks."""

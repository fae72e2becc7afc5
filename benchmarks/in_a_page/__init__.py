"""Two ways to draw faces in a page, and the server and browser in which both are measured."""

"""The course as a web site: nothing to install."""

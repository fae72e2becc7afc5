"""The course as a web site, made of the stored lessons and pages: `python -m website.build`."""

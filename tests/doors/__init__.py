"""The doors to the course, walked as a person would: Colab, Binder, and JupyterLab in a browser.

`make doors` runs them. They need more than the tests do (other environments, a browser), so
pytest finds them only where they are named: `python -m pytest tests/doors/colab.py`.
"""

"""What `check_setup` looks at: one file for each kind of thing.

`lines` runs on any Python from 3.6 on; the others are imported where Python is good.
"""

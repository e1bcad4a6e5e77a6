"""What menus do, one object a menu; nothing else knows the names of actions.

`entries.py` is the table of all entries with their keys; `actions.py` puts together what does them.
"""

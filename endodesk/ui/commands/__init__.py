"""What menus do, one object a menu; nothing else knows the names of actions."""

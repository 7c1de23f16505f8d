"""The head of office: will everybody be received today, and what can be changed about it."""

"""Reading the stock of a former register: pure functions of bytes; no database, no clock."""

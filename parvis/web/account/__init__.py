"""Who is at the machine: signing in, the lock of shared machines, the end of the day."""

"""Who came: what staff mark on a visit as it happens, and take back. Its handlers are worker.staff's."""

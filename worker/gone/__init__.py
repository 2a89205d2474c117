"""The numbers of visits that a restore passed over: where its gap is, and what is read of such a visit."""

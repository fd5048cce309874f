//! Working days and hours, and the arithmetic of limits.

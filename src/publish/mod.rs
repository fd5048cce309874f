//! Writing the site: only what changed, and all of it or nothing.

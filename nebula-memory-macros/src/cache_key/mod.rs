//! `#[derive(CacheKey)]`: look-ups by the parts of a key.

use super::*;
use crate::MemoryTier;

crate::tier_conformance!(Far(MemoryTier::new("memory", 64 << 20)));

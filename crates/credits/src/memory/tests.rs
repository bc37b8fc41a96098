use super::*;

crate::meter_conformance!((MemoryMeter::new(), ()));
crate::ledger_conformance!((MemoryLedger::new(), ()));
crate::tally_conformance!((MemoryTallies::new(), ()));

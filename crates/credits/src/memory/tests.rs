use super::*;

crate::meter_conformance!((MemoryMeter::new(), ()));
crate::ledger_conformance!((MemoryLedger::new(), ()));

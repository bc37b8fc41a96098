use super::*;

async fn fresh_meter() -> (MemoryMeter, ()) {
    (MemoryMeter::new(), ())
}

async fn fresh_ledger() -> (MemoryLedger, ()) {
    (MemoryLedger::new(), ())
}

crate::meter_conformance!(fresh_meter);
crate::ledger_conformance!(fresh_ledger);

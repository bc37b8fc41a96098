//! The simulator's own paths, under `/_sim/`.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::Method;
use serde::{Deserialize, Serialize};

use crate::control::{self, ControlError};
use crate::core::Core;
use crate::operations;
use crate::reply::Reply;
use crate::time::{self, Millis};

/// The largest control document.
const CONTROL_MAX_BYTES: usize = 64 * 1024;
const PATHS: &str = "GET /_sim/bill, /_sim/time, /_sim/operations, /_sim/control; \
    POST /_sim/control, /_sim/record";

/// `bill`, `control`, `operations`, `record`, `time`.
pub(super) async fn answer(core: &Core, path: &str, request: Request) -> Reply {
    match (path, request.method()) {
        ("bill", &Method::GET) => document(200, &core.meter.bill()),
        ("time", &Method::GET) => document(200, &TimeReport::of(core)),
        ("operations", &Method::GET) => document(200, &listing(core)),
        ("control", &Method::GET) => document(200, &control::report(core)),
        ("control", &Method::POST) => match change(core, request.into_body()).await {
            Ok(()) => document(200, &control::report(core)),
            Err(error) => mistake(400, &error.to_string()),
        },
        ("record", &Method::POST) => match record(core, request.into_body()).await {
            Ok(()) => document(200, &control::report(core)),
            Err(error) => mistake(400, &error),
        },
        _ => mistake(404, PATHS),
    }
}

async fn change(core: &Core, body: Body) -> Result<(), ControlError> {
    let body = to_bytes(body, CONTROL_MAX_BYTES)
        .await
        .map_err(|error| ControlError::Malformed(error.to_string()))?;
    control::apply(core, control::parse(&body)?)
}

/// What `POST /_sim/record` takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    /// `null` ends the recording.
    file: Option<std::path::PathBuf>,
}

async fn record(core: &Core, body: Body) -> Result<(), String> {
    let body = to_bytes(body, CONTROL_MAX_BYTES).await.map_err(|error| error.to_string())?;
    let wanted: Record = serde_json::from_slice(&body)
        .map_err(|error| format!("this is not {{\"file\": name or null}}: {error}"))?;
    match wanted.file {
        Some(file) => core.recorder.start(&file).map_err(|error| error.to_string()),
        None => {
            core.recorder.stop();
            Ok(())
        }
    }
}

#[derive(Debug, Serialize)]
struct TimeReport {
    now: String,
    now_ms: Millis,
    frozen: bool,
    speed: f64,
}

impl TimeReport {
    fn of(core: &Core) -> Self {
        let now_ms = core.clock.now_ms();
        Self { now: time::iso(now_ms), now_ms, frozen: core.clock.is_frozen(), speed: core.speed }
    }
}

#[derive(Debug, Serialize)]
struct Listing {
    operations: Vec<operations::Row>,
}

fn listing(core: &Core) -> Listing {
    let quirks = core.quirks();
    let row = |operation| operations::Row::of(operation, &quirks);
    Listing { operations: operations::all().map(row).collect() }
}

pub(super) fn mistake(status: u16, text: &str) -> Reply {
    document(status, &std::collections::BTreeMap::from([("error", text)]))
}

fn document(status: u16, value: &impl Serialize) -> Reply {
    let body = serde_json::to_vec(value).expect("these documents have string keys only");
    Reply::json(status, body)
}

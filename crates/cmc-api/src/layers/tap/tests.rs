use std::sync::Mutex;

use super::*;
use crate::{
    error::UpstreamErrorKind,
    layers::testing::{ask, fails, now_from, works},
};

#[tokio::test(start_paused = true)]
async fn it_hears_of_every_end_and_changes_none() {
    // Prices are learned and events are told from what it hears.
    let heard: Arc<Mutex<Vec<Result<u64, UpstreamErrorKind>>>> = Arc::default();
    let ear = Arc::clone(&heard);
    let tap = Tap::new(Arc::new(move |call, answered, elapsed| {
        assert_eq!((call.path(), elapsed), ("/v1/key/info", Duration::ZERO));
        let end = answered.map(|reply| reply.status.credit_count.get()).map_err(|e| e.kind);
        ear.lock().unwrap().push(end);
    }));
    let tap = tap.timed_by(now_from(Duration::ZERO));
    assert!(ask(&tap.clone().layer(works())).await.is_ok());
    let error = ask(&tap.layer(fails(UpstreamErrorKind::Connect))).await.unwrap_err();
    assert_eq!(error.kind, UpstreamErrorKind::Connect);
    assert_eq!(*heard.lock().unwrap(), [Ok(1), Err(UpstreamErrorKind::Connect)]);
}

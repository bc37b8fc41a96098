use super::*;

#[test]
fn while_nobody_exports_there_is_no_span() {
    // Breaks: every hit would pay for what nobody reads.
    let request = Request::get("/v1/cryptocurrency/map").body(()).unwrap();
    assert!(span(&request).is_none());
}

#[test]
fn a_client_cannot_write_into_a_trace_by_its_method() {
    // Breaks: a label that anybody can set is a place for anything.
    assert_eq!(method(&Method::GET), "GET");
    assert_eq!(method(&Method::from_bytes(b"CANARY").unwrap()), "_OTHER");
}

use super::*;

#[test]
fn planned_faults_come_in_order_and_end() {
    // Would break: tests that fail exactly the next two calls.
    let mut faults = Faults::default();
    faults.fail_next(FailNext { count: 2, kind: FaultKind::Reset });
    faults.fail_next(FailNext { count: 1, kind: FaultKind::Hang });
    let drawn: Vec<_> = (0..4).map(|_| faults.draw()).collect();
    let (reset, hang) = (Some(FaultKind::Reset), Some(FaultKind::Hang));
    assert_eq!(drawn, [reset, reset, hang, None]);
    faults.fail_next(FailNext { count: 9, kind: FaultKind::Hang });
    faults.fail_next(FailNext { count: 0, kind: FaultKind::Hang });
    assert_eq!(faults.draw(), None);
}

#[test]
fn a_share_of_calls_fails_the_same_way_for_the_same_seed() {
    // Would break: reproducing a run with injected faults.
    let run = |seed| {
        let mut faults = Faults::default();
        let kinds = vec![FaultKind::Error500, FaultKind::Truncated];
        faults.fail_rate(FailRate { rate: 0.1, kinds, seed });
        (0..2_000).map(|_| faults.draw()).collect::<Vec<_>>()
    };
    let first = run(7);
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
    let n_failed = first.iter().flatten().count();
    assert!((150..250).contains(&n_failed), "{n_failed}");
    assert!(!first.contains(&Some(FaultKind::Hang)));
}

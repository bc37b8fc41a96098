use super::*;

fn example() -> Group {
    Group {
        kind: "redis".into(),
        folder: "/nowhere/cmcache-redis".into(),
        servers: vec![Server { name: "redis".into(), pid: 7, born: "22".into() }],
        variables: vec![("CMCACHE_TEST_REDIS".into(), "redis://127.0.0.1:6001".into())],
    }
}

#[test]
fn what_is_written_down_is_read_back() {
    // Breaks: servers would run forever, since nobody knows them any more.
    let text = written(&[example()]).to_string();
    assert_eq!(read(&text).unwrap(), [example()]);
}

#[test]
fn a_broken_record_is_an_error_and_not_an_empty_list() {
    // Breaks: servers that run forever because their record could not be read.
    assert!(read("[{\"kind\": \"redis\"}]").is_err());
    assert!(read("[{").is_err());
}

#[test]
fn only_the_record_of_a_run_that_ended_is_swept() {
    // Breaks: a second run would stop the servers of the first one.
    let ours = name_of_this_run().unwrap();
    assert!(!is_of_a_dead_run(Path::new(&ours)));
    assert!(is_of_a_dead_run(Path::new(&ours.replace(".json", "0.json"))));
    assert!(!is_of_a_dead_run(Path::new("up.json")));
}

#[test]
fn a_group_that_never_served_or_lost_a_server_is_not_healthy() {
    // Breaks: tests would be sent to the ruins of an interrupted start.
    assert!(!example().is_healthy());
    let pid = std::process::id();
    let alive = Server { name: "us".into(), pid, born: server::birth(pid).unwrap() };
    let healthy = Group { servers: vec![alive], ..example() };
    assert!(healthy.is_healthy());
    assert!(!Group { variables: Vec::new(), ..healthy }.is_healthy());
}

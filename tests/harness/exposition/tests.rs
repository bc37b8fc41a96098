use super::*;

const PAGE: &str = "# HELP a_total What is \"counted\".
# TYPE a_total counter
a_total{path=\"/v1\\\\x\\n\",kind=\"\"} 3

# TYPE b_seconds histogram
b_seconds_bucket{le=\"0.1\"} 1
b_seconds_bucket{le=\"+Inf\"} 2
b_seconds_sum 0.5
b_seconds_count 2
";

#[test]
fn a_page_is_read_with_its_names_labels_and_values() {
    // Breaks: what is not there passes as being there.
    let page = exposition(PAGE).unwrap();
    assert_eq!(page.keys().collect::<Vec<_>>(), ["a_total", "b_seconds"]);
    let counted = &page["a_total"].samples[0];
    assert_eq!((counted.value, &*counted.labels["path"]), (3.0, "/v1\\x\n"));
    assert_eq!(page["b_seconds"].samples.len(), 4);
}

#[test]
fn what_the_format_forbids_is_refused() {
    // Breaks: a page that Prometheus drops as a whole passes the test.
    for (from, to) in [
        ("a_total{path", "0_total{path"),
        ("# TYPE a_total counter", "# TYPE a_total count"),
        ("# TYPE a_total counter\n", ""),
        ("kind=\"\"", "path=\"\""),
        ("\\n\"", "\\t\""),
        ("} 3", "}3"),
        ("} 3", "} three"),
        ("} 3", "} -3"),
        ("} 3\n", "} 3 4 5\n"),
        ("} 3\n", "} 3\na_total{kind=\"\",path=\"/v1\\\\x\\n\"} 4\n"),
        ("le=\"0.1\"} 1", "le=\"0.1\"} 3"),
        ("b_seconds_bucket{le=\"+Inf\"} 2\n", ""),
        ("b_seconds_count 2", "b_seconds_count 3"),
        ("b_seconds_sum 0.5\n", ""),
        ("b_seconds_count 2\n", "b_seconds_count 2\n# TYPE a_total counter\n"),
        ("b_seconds_count 2\n", "b_seconds_count 2"),
    ] {
        let broken = PAGE.replacen(from, to, 1);
        assert_ne!(broken, PAGE, "{from}");
        assert!(exposition(&broken).is_err(), "{to} instead of {from} was read");
    }
}

use super::*;

#[test]
fn errors_of_each_server_mean_the_same_to_callers() {
    // A caller branches on the kind, and cannot know the numbers of three databases.
    let cases = [
        (ErrorKind::Busy, &[1205, 1213, 1969, 3024][..], &["40001", "40P01", "55P03", "57014"][..]),
        (
            ErrorKind::Unavailable,
            &[1040, 1045, 1049, 1053, 1130],
            &["08006", "28P01", "53300", "57P01"],
        ),
        (ErrorKind::ReadOnly, &[1290, 1792, 1836, 1142], &["25006", "42501"]),
        (ErrorKind::Full, &[1021, 1114], &["53100"]),
        (ErrorKind::Invalid, &[1054, 1064, 1406], &["22003", "42601", "54000", ""]),
    ];
    for (kind, numbers, codes) in cases {
        for number in numbers {
            assert_eq!(mysql(*number), kind, "{number}");
        }
        for code in codes {
            assert_eq!(postgres(code), kind, "{code}");
        }
    }
}

#[test]
fn errors_that_no_server_told_are_told_apart_too() {
    // Nothing of the driver's may look like a mistake of the asker.
    let cases = [
        (ErrorKind::Busy, sqlx::Error::PoolTimedOut),
        (ErrorKind::Unavailable, sqlx::Error::PoolClosed),
        (ErrorKind::Unavailable, sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into())),
        (ErrorKind::Corrupt, sqlx::Error::Decode("no number".into())),
        (ErrorKind::Invalid, sqlx::Error::Encode("too large".into())),
    ];
    for (expected, error) in cases {
        assert_eq!(kind(&error), expected, "{error}");
    }
}

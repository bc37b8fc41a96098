//! Which tests need which servers, told by where they stand and how they are called.

use crate::servers::Technology;

/// Tests that need the servers of a technology: those of its store's `tests/it`, and integration
/// tests whose path has its name as a word.
fn needing(technology: Technology) -> String {
    let package = technology.package();
    let named = format!("test({})", pattern(technology));
    let of_store = match technology {
        Technology::Redis => {
            let other = pattern(Technology::Valkey);
            format!("package({package}) & kind(test) & not test({other})")
        }
        Technology::Memcached => format!("package({package}) & kind(test)"),
        Technology::Valkey | Technology::Mysql | Technology::Postgres => {
            format!("package({package}) & kind(test) & {named}")
        }
        // The tests of SQL that name no server have a file.
        Technology::Sqlite => {
            let others = [Technology::Mysql, Technology::Postgres].map(pattern);
            format!(
                "package({package}) & kind(test) & not test({}) & not test({})",
                others[0], others[1]
            )
        }
    };
    format!("({of_store} | package(integration-tests) & {named})")
}

fn any(technologies: &[Technology]) -> String {
    technologies.iter().map(|technology| needing(*technology)).collect::<Vec<_>>().join(" | ")
}

/// The tests of these technologies that need no other.
pub(super) fn only(wanted: &[Technology]) -> String {
    let is_other = |technology: &Technology| !wanted.contains(technology);
    let others: Vec<Technology> = Technology::ALL.into_iter().filter(is_other).collect();
    without(&format!("({})", any(wanted)), &others)
}

/// What is selected, without the tests that need servers which cannot be had.
pub(super) fn without(selected: &str, absent: &[Technology]) -> String {
    let absent: Vec<Technology> =
        absent.iter().copied().filter(|technology| !technology.kinds().is_empty()).collect();
    if absent.is_empty() {
        return selected.to_owned();
    }
    format!("{selected} & not ({})", any(&absent))
}

/// The tests of a suite, or all integration tests.
pub(super) fn integration(suite: Option<&str>) -> String {
    let of_suite = suite.map(|suite| format!(" & test(/^{suite}::/)"));
    format!("package(integration-tests){}", of_suite.unwrap_or_default())
}

/// Whether the path of a test has the technology's name as a word.
pub(super) fn names(technology: Technology, path: &str) -> bool {
    path.split([':', '_']).any(|word| technology.words().contains(&word))
}

fn pattern(technology: Technology) -> String {
    format!("/(^|[:_])({})([:_]|$)/", technology.words().join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_is_its_own_tests_and_no_others() {
        // Breaks: `integration api` would run everything, or nothing at all.
        assert_eq!(integration(None), "package(integration-tests)");
        assert_eq!(integration(Some("api")), "package(integration-tests) & test(/^api::/)");
    }

    #[test]
    fn what_is_absent_takes_its_own_tests_along_and_nothing_else() {
        // Breaks: a developer without PostgreSQL would run fewer tests of Redis, too.
        assert_eq!(without("all()", &[]), "all()");
        assert_eq!(
            without("all()", &[Technology::Postgres, Technology::Sqlite]),
            "all() & not ((package(store-sql) & kind(test) & test(/(^|[:_])(postgres)([:_]|$)/) \
             | package(integration-tests) & test(/(^|[:_])(postgres)([:_]|$)/)))"
        );
        assert!(names(Technology::Mysql, "mariadb::tests"));
        assert!(!names(Technology::Redis, "rediscovered::tests"));
    }
}

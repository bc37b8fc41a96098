use std::os::unix::fs::PermissionsExt;

use credits::{Credits, Priority};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_791_201_600_000);

fn file() -> (ClientFile, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (ClientFile::at(folder.path().join("deep/clients.toml")), folder)
}

fn names(file: &ClientFile) -> Vec<String> {
    file.read().unwrap().unwrap().into_iter().map(|entry| entry.name).collect()
}

#[test]
fn a_client_is_kept_with_its_quota_and_without_its_token() {
    // The file is copied into backups: a token in it is a token given away.
    let (file, _folder) = file();
    assert!(file.read().unwrap().is_none());
    let quota = Quota {
        month: Some(Credits::new(5_000)),
        minute: Some(30),
        priority: Priority::Essential,
        reserved: Part::permille(125),
        ..Quota::default()
    };
    let added = file.add("web", quota, NOW).unwrap();
    let text = fs::read_to_string(file.path()).unwrap();
    let secret = added.token.expose().rsplit('_').next().unwrap();
    assert!(!text.contains(secret), "{text}");
    let kept = file.read().unwrap().unwrap().remove(0);
    assert_eq!((kept.name.as_str(), kept.quota, kept.created), ("web", quota, NOW));
    assert_eq!(kept.hash, token::hash(added.token.expose().as_bytes()));
    let mode = fs::metadata(file.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner reads it");
}

#[test]
fn a_revoked_client_is_gone_and_the_list_stays() {
    // An empty list still says that not anybody is let in.
    let (file, _folder) = file();
    file.add("web", Quota::default(), NOW).unwrap();
    let before = file.stamp();
    file.revoke("web").unwrap();
    assert_ne!(file.stamp(), before, "a running gateway sees it");
    assert_eq!(names(&file), Vec::<String>::new());
    assert!(matches!(file.revoke("web"), Err(ClientFileError::Unknown(_))));
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    // A second client of one name would share its quota; two halves and a bit are more than all.
    let (file, _folder) = file();
    let half = Quota { reserved: Part::permille(500), ..Quota::default() };
    file.add("a", half, NOW).unwrap();
    file.add("b.-_9", half, NOW).unwrap();
    assert!(matches!(file.add("a", half, NOW), Err(ClientFileError::Taken(_))));
    let bit = Quota { reserved: Part::permille(1), ..Quota::default() };
    assert!(matches!(file.add("c", bit, NOW), Err(ClientFileError::Reserved(Part::WHOLE))));
    for name in ["", "a b", "a/b", "é", "a\n", &"x".repeat(65)] {
        assert!(matches!(file.add(name, Quota::default(), NOW), Err(ClientFileError::Name)));
    }
    assert_eq!(names(&file), ["a", "b.-_9"]);
}

#[test]
fn a_file_that_is_damaged_is_said_to_be_so() {
    // Taken for an empty list, it would be written over and every client lost.
    let (file, _folder) = file();
    file.add("web", Quota::default(), NOW).unwrap();
    for text in ["client = 3", "[[client]]\nname = \"x\"\nhash = \"1\"\ncreated = \"\"\n"] {
        fs::write(file.path(), text).unwrap();
        assert!(matches!(file.read(), Err(ClientFileError::Unreadable { .. })), "{text}");
        assert!(file.add("new", Quota::default(), NOW).is_err());
        assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
    }
}

#[test]
fn two_who_add_at_once_lose_nobody() {
    // Scripts add clients side by side; read, change, write must be one step.
    let (file, _folder) = file();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let file = &file;
            scope.spawn(move || file.add(&format!("c{number}"), Quota::default(), NOW).unwrap());
        }
    });
    assert_eq!(names(&file).len(), 8);
}

use super::*;

#[test]
fn a_client_is_told_from_the_key_and_from_other_keys() {
    // Reports find by this name who paid what; a wrong one is somebody else's bill.
    let account = client_account("pro.example.com", "web");
    assert_eq!(client_of("pro.example.com", &account), Some("web"));
    assert_eq!(client_of("pro.example.co", &account), None);
    assert_eq!(client_of("sandbox.example.com", &account), None);
    assert_eq!(client_of("pro.example.com", "pro.example.com"), None);
}

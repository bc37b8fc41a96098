use super::*;

/// Sooner than the kernel tries again for who was not let in.
const AT_ONCE: Duration = Duration::from_millis(900);

#[tokio::test]
async fn a_crowd_that_comes_in_one_moment_waits_inside() {
    // Breaks: of five hundred clients that connect together most would lose a second or more.
    let listener = listen(([127, 0, 0, 1], 0).into()).unwrap();
    let addr = listener.local_addr().unwrap();
    let (mut crowd, mut n_late) = (Vec::new(), 0);
    while crowd.len() < 500 && n_late < 5 {
        match tokio::time::timeout(AT_ONCE, TcpStream::connect(addr)).await {
            Ok(client) => crowd.push(client.unwrap()),
            Err(_) => n_late += 1,
        }
    }
    assert_eq!(crowd.len(), 500);
}

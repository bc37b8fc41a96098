use super::*;

#[test]
fn it_signs_as_the_standard_says() {
    // The example of the specification: a receiver's library must accept it.
    let signer = Signer::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signature = signer.sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        Duration::from_secs(1_614_265_330),
        r#"{"test": 2432232314}"#,
    );
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_secret_that_keeps_nobody_out_is_refused_and_none_is_shown() {
    // A signature with an empty key is no signature.
    assert_eq!(Signer::new("").unwrap_err(), SignerError::Short);
    assert_eq!(Signer::new("whsec_***").unwrap_err(), SignerError::NoBase64);
    let signer = Signer::new("a-canary-of-some-length").unwrap();
    assert_eq!(format!("{signer:?}"), "Signer");
    let (id, now) = ("x", Duration::ZERO);
    assert_ne!(signer.sign(id, now, "a"), signer.sign(id, now, "b"));
}

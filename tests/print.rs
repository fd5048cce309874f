//! Printed forms.
#[test]
fn builds() {}

//! (tests of control flow)

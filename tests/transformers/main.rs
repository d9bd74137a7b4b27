//! The diffusion transformers: shapes, gradients, both ways of computing them, and who sees whom.

#[path = "../common/mod.rs"]
mod common;

mod dit;
mod history;

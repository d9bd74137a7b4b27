//! The diffusion transformers: shapes, gradients, both ways of computing them, and who sees whom.

mod dit;
mod history;
mod network;

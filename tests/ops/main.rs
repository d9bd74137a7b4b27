//! Every fused operation agrees with its plain twin and with finite differences, whatever the shapes.

mod check;

mod blocks;
mod conv;
mod pictures;
mod recurrent;
mod small;

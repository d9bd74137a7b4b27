//! Recurrent layers over packed sequences: LSTM, GRU, and either of them in both directions.
//!
//! All of them start uniform in plus or minus 1 / sqrt(h), as PyTorch's do, where h is the width of the hidden state.

use std::ops::Range;

use candle_core::Tensor;

use super::Linear;
use crate::model::ops::{self, Activation};
use crate::model::weights::{Builder, Start, Weight, weight};
use crate::util::{Error, Result};

/// Which way a layer reads its sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the first token to the last one.
    Ahead,
    /// From the last token to the first one.
    Back,
}

/// A recurrent layer: reads packed sequences, of which `ends` holds the end of each.
pub trait Recurrent: Sized {
    /// Asks for the weights of a layer that reads `inputs` numbers a token into `hidden` ones.
    fn new(name: &str, inputs: usize, hidden: usize, direction: Direction, build: &mut Builder<'_>) -> Result<Self>;

    /// Which way it reads.
    fn direction(&self) -> Direction;

    /// Numbers in a sequence's state: 2h (h, then c) of an LSTM, h of a GRU.
    fn state(&self) -> usize;

    /// The state of every token, from given ones on: `x` (tokens, in), `initial` (sequences, state) -> (tokens, state)
    fn states(&self, x: &Tensor, ends: &[usize], initial: &Tensor) -> Result<Tensor>;

    /// h of every token; h, and c, are 0 before the first one: `x` (tokens, in) -> (tokens, h)
    fn forward(&self, x: &Tensor, ends: &[usize]) -> Result<Tensor>;

    /// Zeros to begin with: (sequences, state)
    fn initial(&self, sequences: usize, like: &Tensor) -> Result<Tensor> {
        Ok(Tensor::zeros((sequences, self.state()), like.dtype(), like.device())?)
    }

    /// What every sequence ended with, for rows as [`Recurrent::forward`] or [`Recurrent::states`] returns them: (tokens, n) ->
    /// (sequences, n)
    fn last(&self, rows: &Tensor, ends: &[usize]) -> Result<Tensor> {
        let mut at = Vec::with_capacity(ends.len());
        for Range { start, end } in ops::sequences(ends) {
            if start >= end {
                return Err(Error::new("a sequence without tokens has no last state"));
            }
            at.push(if self.direction() == Direction::Ahead { end - 1 } else { start } as u32);
        }
        let at = Tensor::from_vec(at, ends.len(), rows.device())?; // (sequences)
        Ok(rows.contiguous()?.index_select(&at, 0)?) // (sequences, n)
    }
}

fn start(hidden: usize) -> Start {
    Start::Uniform((hidden.max(1) as f64).powf(-0.5))
}

/// A long short-term memory (see [`ops::lstm`]). Its forget gate starts like the others, unless it is [`Lstm::remembering`].
#[derive(Debug, Clone)]
pub struct Lstm {
    input: Linear,
    /// Added to the bias of the gates, (4h).
    more: Option<Tensor>,
    /// (h, 4h)
    recurrent: Tensor,
    direction: Direction,
}

impl Lstm {
    /// The same layer with 1 more in the bias of the forget gate: at first it keeps what it has read for longer, and so learns sooner
    /// what depends on it (Gers et al. 2000; Jozefowicz et al. 2015).
    pub fn remembering(self) -> Result<Self> {
        let h = self.state() / 2;
        let more: Vec<f32> = (0..4 * h).map(|i| f32::from(i / h == 1)).collect();
        let more = Tensor::from_vec(more, 4 * h, self.recurrent.device())?; // (4h)
        Ok(Self { more: Some(more), ..self })
    }
}

impl Recurrent for Lstm {
    fn new(name: &str, inputs: usize, hidden: usize, direction: Direction, build: &mut Builder<'_>) -> Result<Self> {
        let start = start(hidden);
        Ok(Self {
            input: Linear::starting(&format!("{name}.input"), inputs, 4 * hidden, start, build)?,
            more: None,
            recurrent: weight(build, &format!("{name}.recurrent.weight"), &[hidden, 4 * hidden], start)?,
            direction,
        })
    }

    fn direction(&self) -> Direction {
        self.direction
    }

    fn state(&self) -> usize {
        2 * self.recurrent.dims()[0]
    }

    fn states(&self, x: &Tensor, ends: &[usize], initial: &Tensor) -> Result<Tensor> {
        let gates = match &self.more {
            None => self.input.forward(x)?, // (tokens, 4h)
            Some(more) => {
                let (weight, bias) = self.input.parts();
                ops::linear(x, weight, &(bias + more)?, Activation::None)? // (tokens, 4h)
            }
        };
        Ok(ops::lstm(&gates, &self.recurrent, initial, ends, self.direction == Direction::Back)?)
    }

    fn forward(&self, x: &Tensor, ends: &[usize]) -> Result<Tensor> {
        let states = self.states(x, ends, &self.initial(ends.len(), x)?)?; // (tokens, 2h)
        Ok(states.narrow(1, 0, self.state() / 2)?) // (tokens, h)
    }
}

/// A gated recurrent unit (see [`ops::gru`]).
#[derive(Debug, Clone)]
pub struct Gru {
    input: Linear,
    /// Weight and bias, (h + 1, 3h).
    recurrent: Tensor,
    direction: Direction,
}

impl Recurrent for Gru {
    fn new(name: &str, inputs: usize, hidden: usize, direction: Direction, build: &mut Builder<'_>) -> Result<Self> {
        let start = start(hidden);
        let part = |part: &str, shape: Vec<usize>| Weight { name: format!("{name}.recurrent.{part}"), shape, start };
        let input = Linear::starting(&format!("{name}.input"), inputs, 3 * hidden, start, build)?;
        let recurrent = build(&[part("weight", vec![hidden, 3 * hidden]), part("bias", vec![3 * hidden])])?; // ((h + 1) * 3h)
        Ok(Self { input, recurrent: recurrent.reshape((hidden + 1, 3 * hidden))?, direction })
    }

    fn direction(&self) -> Direction {
        self.direction
    }

    fn state(&self) -> usize {
        self.recurrent.dims()[0] - 1
    }

    fn states(&self, x: &Tensor, ends: &[usize], initial: &Tensor) -> Result<Tensor> {
        let gates = self.input.forward(x)?; // (tokens, 3h)
        Ok(ops::gru(&gates, &self.recurrent, initial, ends, self.direction == Direction::Back)?)
    }

    fn forward(&self, x: &Tensor, ends: &[usize]) -> Result<Tensor> {
        self.states(x, ends, &self.initial(ends.len(), x)?)
    }
}

/// Two layers over the same sequences, one in each direction (Schuster & Paliwal 1997).
#[derive(Debug, Clone)]
pub struct Bidirectional<L> {
    ahead: L,
    back: L,
}

impl<L: Recurrent> Bidirectional<L> {
    /// `hidden` numbers for each direction.
    pub fn new(name: &str, inputs: usize, hidden: usize, build: &mut Builder<'_>) -> Result<Self> {
        Ok(Self {
            ahead: L::new(&format!("{name}.ahead"), inputs, hidden, Direction::Ahead, build)?,
            back: L::new(&format!("{name}.back"), inputs, hidden, Direction::Back, build)?,
        })
    }

    /// What both say of every token: (tokens, in) -> (tokens, 2h)
    pub fn forward(&self, x: &Tensor, ends: &[usize]) -> Result<Tensor> {
        Ok(Tensor::cat(&[self.ahead.forward(x, ends)?, self.back.forward(x, ends)?], 1)?) // (tokens, 2h)
    }

    /// What both ended with, of every sequence: (tokens, in) -> (sequences, 2h)
    pub fn summary(&self, x: &Tensor, ends: &[usize]) -> Result<Tensor> {
        self.last(&self.forward(x, ends)?, ends)
    }

    /// The same of what [`Bidirectional::forward`] has returned: (tokens, 2h) -> (sequences, 2h)
    pub fn last(&self, said: &Tensor, ends: &[usize]) -> Result<Tensor> {
        let h = said.dim(1)? / 2;
        let last = |layer: &L, column: usize| layer.last(&said.narrow(1, column, h)?, ends); // (sequences, h)
        Ok(Tensor::cat(&[last(&self.ahead, 0)?, last(&self.back, h)?], 1)?) // (sequences, 2h)
    }
}

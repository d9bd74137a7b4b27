//! As much of Python's pickle, protocol 2, as weights are written with.

use std::collections::HashMap;

use crate::util::{Error, Result};

/// What was pickled.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Tuple(Vec<Value>),
    List(Vec<Value>),
    /// An `OrderedDict` too.
    Dict(Vec<(Value, Value)>),
    /// A class or function by its full name.
    Global(String),
    /// A function with its arguments.
    Call(String, Vec<Value>),
    /// Something that lies elsewhere.
    Stored(Vec<Value>),
    /// Where a tuple began.
    Mark,
}

impl Value {
    /// A whole number from 0 on.
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::Int(value) => usize::try_from(*value).ok(),
            _ => None,
        }
    }
}

/// Reads one pickle after another.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    stack: Vec<Value>,
    memo: HashMap<u32, Value>,
}

fn damaged() -> Error {
    Error::new("it is damaged")
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, stack: Vec::new(), memo: HashMap::new() }
    }

    /// The next bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| Error::new("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next bytes, of a fixed number.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| damaged())
    }

    /// The next pickle's object.
    pub fn pickle(&mut self) -> Result<Value> {
        (self.stack, self.memo) = (Vec::new(), HashMap::new());
        loop {
            let [code] = self.array()?;
            if code == b'.' {
                return self.pop();
            }
            self.step(code)?;
        }
    }

    fn pop(&mut self) -> Result<Value> {
        self.stack.pop().ok_or_else(damaged)
    }

    fn push(&mut self, value: Value) -> Result<()> {
        self.stack.push(value);
        Ok(())
    }

    /// Everything since the last mark.
    fn since_mark(&mut self) -> Result<Vec<Value>> {
        let mark = self.stack.iter().rposition(|value| *value == Value::Mark).ok_or_else(damaged)?;
        let values = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(values)
    }

    /// So many from the top, as a tuple.
    fn tuple(&mut self, count: usize) -> Result<()> {
        let from = self.stack.len().checked_sub(count).ok_or_else(damaged)?;
        let values = self.stack.split_off(from);
        self.push(Value::Tuple(values))
    }

    fn text(&mut self, length: usize) -> Result<()> {
        let text = String::from_utf8(self.take(length)?.to_vec()).map_err(|_| damaged())?;
        self.push(Value::Text(text))
    }

    fn line(&mut self) -> Result<String> {
        let length = self.rest.iter().position(|&byte| byte == b'\n').ok_or_else(damaged)?;
        let line = String::from_utf8_lossy(self.take(length)?).into_owned();
        self.take(1)?;
        Ok(line)
    }

    fn remember(&mut self, place: u32) -> Result<()> {
        let value = self.stack.last().ok_or_else(damaged)?.clone();
        self.memo.insert(place, value);
        Ok(())
    }

    fn recall(&mut self, place: u32) -> Result<()> {
        let value = self.memo.get(&place).ok_or_else(damaged)?.clone();
        self.push(value)
    }

    /// Into the dictionary on the top.
    fn set(&mut self, items: Vec<Value>) -> Result<()> {
        let Some(Value::Dict(entries)) = self.stack.last_mut() else { return Err(damaged()) };
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            entries.push((key, value));
        }
        Ok(())
    }

    /// Onto the list on the top.
    fn append(&mut self, items: Vec<Value>) -> Result<()> {
        let Some(Value::List(values)) = self.stack.last_mut() else { return Err(damaged()) };
        values.extend(items);
        Ok(())
    }

    /// Carries one instruction out. Their names are those of Python's `pickletools`.
    fn step(&mut self, code: u8) -> Result<()> {
        match code {
            0x80 => self.take(1).map(|_| ()),                    // PROTO
            b'N' => self.push(Value::None),                      // NONE
            0x88 | 0x89 => self.push(Value::Bool(code == 0x88)), // NEWTRUE, NEWFALSE
            b'K' => {
                let [value] = self.array()?; // BININT1
                self.push(Value::Int(value.into()))
            }
            b'M' => {
                let value = u16::from_le_bytes(self.array()?); // BININT2
                self.push(Value::Int(value.into()))
            }
            b'J' => {
                let value = i32::from_le_bytes(self.array()?); // BININT
                self.push(Value::Int(value.into()))
            }
            0x8a => {
                let [length] = self.array()?; // LONG1
                let bytes = self.take(length.into())?;
                let sign = if bytes.last().is_some_and(|byte| byte & 0x80 != 0) { 0xff } else { 0 };
                let mut whole = [sign; 8];
                whole.get_mut(..bytes.len()).ok_or_else(damaged)?.copy_from_slice(bytes);
                self.push(Value::Int(i64::from_le_bytes(whole)))
            }
            b'G' => {
                let value = f64::from_be_bytes(self.array()?); // BINFLOAT
                self.push(Value::Float(value))
            }
            b'X' | b'T' => {
                let length = u32::from_le_bytes(self.array()?); // BINUNICODE, BINSTRING
                self.text(length as usize)
            }
            b'U' => {
                let [length] = self.array()?; // SHORT_BINSTRING
                self.text(length.into())
            }
            b'c' => {
                let name = format!("{}.{}", self.line()?, self.line()?); // GLOBAL
                self.push(Value::Global(name))
            }
            b'(' => self.push(Value::Mark),                  // MARK
            b')' => self.tuple(0),                           // EMPTY_TUPLE
            0x85..=0x87 => self.tuple(code as usize - 0x84), // TUPLE1, TUPLE2, TUPLE3
            b't' => {
                let values = self.since_mark()?; // TUPLE
                self.push(Value::Tuple(values))
            }
            b'}' => self.push(Value::Dict(Vec::new())), // EMPTY_DICT
            b']' => self.push(Value::List(Vec::new())), // EMPTY_LIST
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?); // SETITEM
                self.set(vec![key, value])
            }
            b'u' => {
                let items = self.since_mark()?; // SETITEMS
                self.set(items)
            }
            b'a' => {
                let item = self.pop()?; // APPEND
                self.append(vec![item])
            }
            b'e' => {
                let items = self.since_mark()?; // APPENDS
                self.append(items)
            }
            b'q' => {
                let [place] = self.array()?; // BINPUT
                self.remember(place.into())
            }
            b'r' => {
                let place = u32::from_le_bytes(self.array()?); // LONG_BINPUT
                self.remember(place)
            }
            b'h' => {
                let [place] = self.array()?; // BINGET
                self.recall(place.into())
            }
            b'j' => {
                let place = u32::from_le_bytes(self.array()?); // LONG_BINGET
                self.recall(place)
            }
            b'Q' => match self.pop()? {
                Value::Tuple(parts) => self.push(Value::Stored(parts)), // BINPERSID
                _ => Err(damaged()),
            },
            b'R' => self.call(), // REDUCE
            // BUILD: attributes, such as the versions of a state's modules, are not needed.
            b'b' => self.pop().map(|_| ()),
            other => Err(Error::new(format!("it has an instruction that weights do not need, {other:#04x}"))),
        }
    }

    /// Nothing is carried out: an ordered dictionary is a dictionary, a parameter is its tensor, the rest is taken down.
    fn call(&mut self) -> Result<()> {
        let (Value::Tuple(arguments), Value::Global(name)) = (self.pop()?, self.pop()?) else { return Err(damaged()) };
        let value = match name.as_str() {
            "collections.OrderedDict" => Value::Dict(Vec::new()),
            "torch._utils._rebuild_parameter" => arguments.into_iter().next().ok_or_else(damaged)?,
            _ => Value::Call(name, arguments),
        };
        self.push(value)
    }
}

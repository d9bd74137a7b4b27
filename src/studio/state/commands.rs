//! The list of all commands: what was typed, what it finds, what is chosen.

use super::State;
use crate::studio::action::Action;

/// The open list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Commands {
    /// What was typed.
    pub query: String,
    /// The place of the chosen one among those found.
    pub selected: usize,
}

/// A command that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// What it does.
    pub action: Action,
    /// Why it cannot be done now.
    pub why_not: Option<String>,
}

impl State {
    /// The commands that hold every word that was typed, in their names before in their explanations; those that can be done now
    /// first.
    pub fn found_commands(&self) -> Vec<Command> {
        let query = self.commands.as_ref().map_or("", |commands| commands.query.as_str()).to_lowercase();
        let words: Vec<&str> = query.split_whitespace().collect();
        let rank = |action: &Action| {
            let (name, told) = (action.command().to_lowercase(), action.told().to_lowercase());
            let in_name = words.iter().all(|word| name.contains(word));
            let found = in_name || words.iter().all(|word| name.contains(word) || told.contains(word));
            found.then_some(!in_name)
        };
        let mut found: Vec<_> = Action::listed(self)
            .into_iter()
            .filter_map(|action| rank(&action).map(|rank| (rank, action)))
            .map(|(rank, action)| {
                let why_not = self.why_not(&action);
                ((rank, why_not.is_some()), Command { action, why_not })
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, command)| command).collect()
    }

    /// What the chosen command asks for: to go where it belongs, then to do it; nothing if it cannot be done.
    pub fn chosen_command(&self, place: usize) -> Vec<Action> {
        let Some(Command { action, why_not: None }) = self.found_commands().into_iter().nth(place) else { return Vec::new() };
        let there = action.home().filter(|home| *home != self.workspace).map(Action::Show);
        [Action::ShowCommands(false)].into_iter().chain(there).chain([action]).collect()
    }
}

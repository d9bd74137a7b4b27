//! A field for a path, where a file can be typed instead of chosen.

use eframe::egui::{Align2, Key, Response, TextEdit, Ui};

/// Shows it; true if Enter was pressed in it, which does what the button beside it does.
pub fn path_field(ui: &mut Ui, path: &mut String, name: &str, hint: &str, width: f32) -> (Response, bool) {
    let field = TextEdit::singleline(path).hint_text(hint).align(Align2::LEFT_CENTER).desired_width(width);
    let field = ui.add(field).accessible_name(name);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    (field, entered)
}

//! Safe code cannot make a half-built value, change its state, or finish by itself.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    use nebula_memory::__private::{Inline, Partial, Set};
    type Finished = Partial<Inline<User>, ((Set, Set),)>;
    let partial: Finished = Partial::inline();
    let partial: Finished = partial.set::<User, u64, _>(1, 1);
    let _: User = partial.finish();
}

//! Fields are named as they are written, however many other things are called the same.
use nebula_memory::{Builder, Pooled};

#[derive(Pooled)]
struct Request {
    id: u64,
    path: String,
    r#type: u8,
    diagnostic: bool,
}

#[derive(Pooled)]
struct Reply {
    id: u64,
    path: String,
}

#[derive(Builder)]
struct Options<'a, T> {
    path: &'a T,
    Set: u8,
}

mod diagnostic {
    #[derive(nebula_memory::Pooled)]
    pub struct Request {
        id: u64,
    }

    mod diagnostic {}
}

macro_rules! declare {
    ($name:ident { $($field:ident),* }) => {
        #[derive(Pooled)]
        struct $name {
            $($field: u8),*
        }
    };
}
declare! { Declared { id, path } }

fn main() {
    #[derive(Pooled)]
    struct Local {
        id: u64,
    }

    let _ = Request::builder().build();
    let _ = Request::builder().id(1).r#type(2).r#type(3).diagnostic(true).id(4);
    let _ = Reply::builder().path(String::new()).build();
    let _ = Reply::builder().path(String::new()).path(String::new());
    let _ = Options::<u8>::builder().build();
    let _ = Options::<u8>::builder().Set(1).Set(1);
    let _ = diagnostic::Request::builder().build();
    let _ = Declared::builder().build();
    let _ = Local::builder().build();
}

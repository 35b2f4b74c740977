//! The promise has to be written.

use nebula_memory::impl_allocator;

struct Mine;
struct Wrap<A>(A);

impl_allocator!(Mine);
impl_allocator!(impl<A> for Wrap<A>);
impl_allocator!(unsafe impl<A>);

fn main() {}

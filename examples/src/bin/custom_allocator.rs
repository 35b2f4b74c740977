//! An allocator of your own: two methods, and `impl_allocator!` makes arenas, boxes and collections stand on it.
//!
//! This one is the heap with a limit and a meter. It answers the question of every service with tenants: how much memory
//! does this one use, and how is it kept from using all?

use std::alloc::Layout;
use std::cell::Cell;
use std::ptr::NonNull;

use allocator_api2::vec::Vec as VecIn;
use hashbrown::{DefaultHashBuilder, HashMap};
use nebula_memory::{
    AllocError, AllocErrorCode, AllocHandle, Allocator, Arena, KIB, SystemAllocator, impl_allocator,
};

/// The heap, as much of it as one tenant may use.
struct Tenant {
    limit: usize,
    used: Cell<usize>,
    peak: Cell<usize>,
}

impl Tenant {
    const fn new(limit: usize) -> Self {
        Self { limit, used: Cell::new(0), peak: Cell::new(0) }
    }

    fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let left = self.limit - self.used.get();
        if layout.size() > left {
            return Err(AllocError::budget_exceeded(layout, self.limit, left));
        }
        let block = SystemAllocator.allocate(layout)?;
        self.used.set(self.used.get() + layout.size());
        self.peak.set(self.peak.get().max(self.used.get()));
        Ok(block)
    }

    unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
        self.used.set(self.used.get() - layout.size());
        // SAFETY: the caller's promise; every block is the heap's.
        unsafe { SystemAllocator.deallocate(block, layout) };
    }
}

// SAFETY: every block is one of the heap's, which keeps the contract; the rest is counting.
impl_allocator!(unsafe Tenant);

/// Collections of other crates, a box, and an arena with whatever is in it: all of it counts.
fn serve(tenant: &Tenant) {
    let arena = Arena::<_>::new_in(tenant);
    let mut visits = HashMap::with_hasher_in(DefaultHashBuilder::default(), tenant);
    let mut log = VecIn::new_in(tenant);
    let title = AllocHandle::new("visits", tenant);
    for (number, path) in ["/", "/about", "/", "/news", "/"].into_iter().enumerate() {
        let path: &str = arena.alloc_str(path);
        *visits.entry(path).or_insert(0) += 1;
        log.push((number, path));
    }
    println!("{title}: {} of {} lead to \"/\"", visits["/"], log.len());
    println!("in use: {} bytes of {}", tenant.used.get(), tenant.limit);

    // Beyond the limit there is an error that says so, and what is there stays.
    let error = AllocHandle::try_slice_with(64 * KIB, |_| 0_u8, tenant).expect_err("it is more than is left");
    assert_eq!(error.code(), AllocErrorCode::BudgetExceeded);
    println!("\n{error}\n");
}

fn main() {
    let tenant = Tenant::new(64 * KIB);
    serve(&tenant);
    assert_eq!(tenant.used.get(), 0, "everything was given back");
    println!("at most in use: {} bytes", tenant.peak.get());
}

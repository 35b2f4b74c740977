fn price(&self, url: &Url, depth: u8, buffer: &mut Vec<u8>) -> Price {
    let __computed: &str = ::nebula_memory::__private::cached::computed(|| -> &str {
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_reuse,
            clippy::shadow_same,
            clippy::shadow_unrelated,
            clippy::used_underscore_binding,
        )]
        let url = url;
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_reuse,
            clippy::shadow_same,
            clippy::shadow_unrelated,
            clippy::used_underscore_binding,
        )]
        let depth = &depth;
        if *depth > 3 {
            return "deep";
        }
        url.host()
    });
    let __missed = match ::nebula_memory::__private::cached::look::<
        ::nebula_memory::__private::cached::All,
        Price,
        _,
        _,
    >(&(self.prices), ::nebula_memory::__private::cached::lent_to(__computed)) {
        ::nebula_memory::__private::cached::Result::Ok(__found) => return __found,
        ::nebula_memory::__private::cached::Result::Err(__missed) => __missed,
    };
    ::nebula_memory::__private::cached::keep::<
        ::nebula_memory::__private::cached::All,
        Price,
        _,
        _,
        _,
    >(__missed, move || -> Price { self.ask(url) })
}

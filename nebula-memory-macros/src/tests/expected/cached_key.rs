fn price(&self, url: &Url, depth: u8, buffer: &mut Vec<u8>) -> Price {
    let __cache = &(self.prices);
    let __computed: &str = ::nebula_memory::__private::cached::computed(|| -> &str {
        let url = url;
        let depth = &depth;
        {
            if *depth > 3 {
                return "deep";
            }
            url.host()
        }
    });
    let __key = match ::nebula_memory::__private::cached::look::<
        ::nebula_memory::__private::cached::All,
        Price,
        _,
        _,
    >(__cache, ::nebula_memory::__private::cached::lent(__computed)) {
        ::nebula_memory::__private::cached::Result::Ok(__found) => return __found,
        ::nebula_memory::__private::cached::Result::Err(__key) => __key,
    };
    ::nebula_memory::__private::cached::keep::<
        ::nebula_memory::__private::cached::All,
        Price,
        _,
        _,
        _,
    >(__cache, __key, move || -> Price { self.ask(url) })
}

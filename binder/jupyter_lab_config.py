# A newcomer's first start asks nothing: no question about news, none about updates.
c = get_config()  # noqa: F821
c.LabApp.news_url = None

"""The line of column names that tests of sources write above their rows."""

HEADER = "id,happened_at,published_at,lon,lat,error_m,kind,seen,by,source,reliability,credibility,url,note"

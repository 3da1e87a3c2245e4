package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func body(url string) string {
	return `{"name":"golden","url":"` + url + `","osType":"Linux","version":"7"}`
}

// upload creates an image, and returns its path.
func (b *env) upload(url string) string {
	b.t.Helper()
	a := b.do(201, "POST", images, body(url))
	made := a.data()[0]
	if len(made) != 3 || made["tenantId"] != "INT" || made["customerId"] == "" {
		b.t.Errorf("%s", a.raw)
	}
	path := images + "/" + fmt.Sprint(made["imageId"])
	if a.links()["self"] != mount+path {
		b.t.Errorf("%s", a.raw)
	}
	return path
}

func TestImages_download(t *testing.T) {
	for host, words := range map[string][]string{
		"img.example.net":               {"pending", "downloading", "downloaded"},
		"broken.example.net":            {"pending", "downloading", "error"},
		"mixed-case.example.net":        {"Pending", "Downloading", "Downloaded"},
		"broken-mixed-case.example.net": {"Pending", "Downloading", "Error"},
	} {
		t.Run(host, func(t *testing.T) {
			b := start(t, time.Minute)
			path := b.upload("https://" + host + "/a.QCOW2?size_mb=100&sig=x")
			for step, word := range words {
				i := b.do(200, "GET", path, "").data()[0]
				if i["status"] != word || (i["errorMessage"] != "") != strings.EqualFold(word, "error") ||
					i["format"] != "qcow2" {
					t.Errorf("step %d: %v", step, i)
				}
				if _, ok := i["tags"]; ok {
					t.Error("tags outside a listing")
				}
				if size := i["sizeMb"]; (size == 100.0) != strings.EqualFold(word, "downloaded") {
					t.Errorf("%s with %v MB", word, size)
				}
				b.config.Clock.Offset += 30 * time.Second
			}
		})
	}
}

func TestImages_withoutLatencyIsOverAtTheFirstLook(t *testing.T) {
	b := start(t, 0)
	path := b.upload("http://img.example.net/a.iso")
	if i := b.do(200, "GET", path, "").data()[0]; i["status"] != "downloaded" || i["sizeMb"] != 2048.0 ||
		i["uploadedSizeMb"] != 2048.0 {
		t.Errorf("%v", i)
	}
}

func TestImages_rulesOfABody(t *testing.T) {
	b := start(t, 0)
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"nothing":       {400, `{}`},
		"unknown field": {400, `{"name":"a","url":"https://a.example/a.iso","osType":"Linux","version":"1","size":1}`},
		"lower case OS": {400, `{"name":"a","url":"https://a.example/a.iso","osType":"linux","version":"1"}`},
		"no version":    {400, `{"name":"a","url":"https://a.example/a.iso","osType":"Linux"}`},
		"other suffix":  {415, body("https://a.example/a.img")},
		"no suffix":     {415, body("https://a.example/?f=a.iso")},
		"other scheme":  {415, body("ftp://a.example/a.iso")},
	} {
		t.Run(name, func(t *testing.T) {
			if a := b.do(c.status, "POST", images, c.body); a.body["statusCode"] != float64(c.status) {
				t.Errorf("%s", a.raw)
			}
		})
	}
	if a := b.do(415, "POST", images, body("https://a.example/a.img")); !strings.HasPrefix(a.text("message"),
		"Unsupported Media Type") {
		t.Errorf("%s", a.raw)
	}
}

func TestImages_quotaAndStats(t *testing.T) {
	b := start(t, time.Minute)
	stats := func(count, used float64) {
		t.Helper()
		s := b.do(200, "GET", images+"/stats", "").data()[0]
		if s["currentImagesCount"] != count || s["usedSizeMb"] != used || s["totalSizeMb"] != 25600.0 ||
			s["freeSizeMb"] != 25600-used {
			t.Errorf("%v", s)
		}
	}
	stats(0, 0)
	b.upload("https://broken.example.net/a.iso?size_mb=20000")
	big := b.upload("https://img.example.net/a.iso?size_mb=5600")
	stats(2, 25600)
	b.do(402, "POST", images, body("https://img.example.net/a.iso?size_mb=1"))
	b.config.Clock.Offset += time.Minute
	stats(2, 5600)
	b.do(204, "DELETE", big, "")
	stats(1, 0)
	b.do(404, "GET", big, "")
}

func TestImages_update(t *testing.T) {
	b := start(t, 0)
	path := b.upload("https://img.example.net/a.iso")
	a := b.do(200, "PATCH", path, `{"name":"silver","description":"as it is"}`)
	if got := a.data()[0]; len(got) != 3 {
		t.Errorf("%v", got)
	}
	if i := b.do(200, "GET", path, "").data()[0]; i["name"] != "silver" || i["description"] != "as it is" {
		t.Errorf("%v", i)
	}
	b.do(400, "PATCH", path, `{"url":"https://img.example.net/b.iso"}`)
	b.do(400, "PATCH", path, `{"name":""}`)
	b.do(400, "PATCH", path, "")
}

func TestImages_standardOnesAreNotTheCustomers(t *testing.T) {
	b := start(t, 0)
	b.upload("https://img.example.net/a.iso")
	standard := b.do(200, "GET", images+"?standardImage=true&orderBy=name:asc", "")
	if got := standard.column("name"); !slices.Equal(got, []string{
		"debian-12", "rockylinux-9", "ubuntu-24.04",
		"windows-server-2025-se",
	}) {
		t.Errorf("%v", got)
	}
	for _, i := range standard.data() {
		if _, ok := i["tags"].([]any); !ok {
			t.Errorf("no tags: %v", i)
		}
	}
	path := images + "/" + standard.column("imageId")[0]
	b.do(403, "PATCH", path, `{"name":"mine"}`)
	b.do(403, "DELETE", path, "")
	if got := b.do(200, "GET", images+"?standardImage=false", "").column("name"); !slices.Equal(
		got,
		[]string{"golden"},
	) {
		t.Errorf("%v", got)
	}
	if got := b.do(200, "GET", images+"?search=WINDOWS", "").data(); len(got) != 1 {
		t.Errorf("%v", got)
	}
	b.do(400, "GET", images+"?standardImage=maybe", "")
	if got := b.sim.Inventory().Images; len(got) != 1 || got[0].State != "ready" {
		t.Errorf("%v", got)
	}
}

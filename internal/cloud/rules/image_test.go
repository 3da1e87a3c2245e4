package rules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// strict is a cloud with all the rules that an image can have.
func strict() driver.Descriptor {
	return driver.Descriptor{
		Name: "strict", Title: "Strict",
		Limits: driver.Limits{Image: driver.ImageRule{
			Required:       []driver.ImageField{driver.ImageOSType},
			Optional:       []driver.ImageField{driver.ImageVersion, driver.ImageChecksum, driver.ImageBootMode},
			ComputedFields: []driver.ImageField{driver.ImageSizeMB},
			FilterFields:   []driver.ImageFilterField{driver.ImageFilterSearch},
			Suffixes:       []string{".iso", ".qcow2"},
			OSTypes:        []string{"Linux"}, BootModes: []string{"uefi"},
			Checksum: regexp.MustCompile(`^[0-9a-f]{4}$`), ChecksumHint: "four digits",
			MaxName: 5, MaxDescription: 6, MaxText: 7,
		}},
	}
}

func known(s string) rules.Optional[string] { return rules.Optional[string]{Value: s, Set: true} }

func TestCheckImage_attributes(t *testing.T) {
	t.Parallel()
	unknown := rules.Optional[string]{Unknown: true}
	good := func() rules.ImageConfig {
		return rules.ImageConfig{Name: known("name"), URL: known("https://img.example.net/a.qcow2?sig=x.zip"), URLAttribute: "url", OSType: known("Linux")}
	}
	tests := map[string]struct {
		change func(d *rules.ImageConfig)
		// at are the attributes at fault, and says is in the first message.
		at   []string
		says string
	}{
		"minimal": {change: func(*rules.ImageConfig) {}},
		"everything": {change: func(d *rules.ImageConfig) {
			d.Version, d.Checksum, d.BootMode = known("12"), known("00ff"), known("uefi")
		}},
		"nothing is known":      {change: func(d *rules.ImageConfig) { d.Name, d.URL, d.OSType, d.Checksum = unknown, unknown, unknown, unknown }},
		"capital suffix":        {change: func(d *rules.ImageConfig) { d.URL = known("http://h/A.ISO#x") }},
		"empty name":            {func(d *rules.ImageConfig) { d.Name = known("") }, []string{"name"}, "must not be empty"},
		"long name":             {func(d *rules.ImageConfig) { d.Name = known("Übermäßig") }, []string{"name"}, "at most 5 characters, not 9"},
		"empty description":     {change: func(d *rules.ImageConfig) { d.Description = known("") }},
		"long description":      {func(d *rules.ImageConfig) { d.Description = known("1234567") }, []string{"description"}, "at most 6"},
		"suffix in the query":   {func(d *rules.ImageConfig) { d.URL = known("https://h/a?f=a.iso") }, []string{"url"}, "must end in .iso or .qcow2"},
		"other scheme":          {func(d *rules.ImageConfig) { d.URL = known("ftp://h/a.iso") }, []string{"url"}, "https:// or http://"},
		"no host":               {func(d *rules.ImageConfig) { d.URL = known("https:///a.iso") }, []string{"url"}, "name a host"},
		"no URL":                {func(d *rules.ImageConfig) { d.URL = known("://") }, []string{"url"}, "https://"},
		"missing":               {func(d *rules.ImageConfig) { d.OSType = rules.Optional[string]{} }, []string{"os_type"}, "Strict needs os_type"},
		"spelling":              {func(d *rules.ImageConfig) { d.OSType = known("linux") }, []string{"os_type"}, `must be one of Linux, not "linux"`},
		"boot mode":             {func(d *rules.ImageConfig) { d.BootMode = known("efi") }, []string{"boot_mode"}, "must be one of uefi"},
		"checksum":              {func(d *rules.ImageConfig) { d.Checksum = known("AB") }, []string{"checksum"}, "must be four digits"},
		"long text":             {func(d *rules.ImageConfig) { d.Version = known("12345678") }, []string{"version"}, "at most 7"},
		"not there":             {func(d *rules.ImageConfig) { d.DefaultUser = known("root") }, []string{"default_user"}, "custom images at Strict take no default_user"},
		"not there, even false": {func(d *rules.ImageConfig) { d.SSHKeyEnabled = rules.Optional[bool]{Set: true} }, []string{"ssh_key_enabled"}, "take no ssh_key_enabled"},
		"location":              {func(d *rules.ImageConfig) { d.Location = known("x") }, []string{"location"}, "cannot be chosen"},
		"several": {func(d *rules.ImageConfig) {
			d.URLAttribute, d.URL = "url_wo", known("ftp://h/a.iso")
			d.PasswordEnabled = rules.Optional[bool]{Set: true, Value: true}
		}, []string{"url_wo", "password_enabled"}, "https://"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			draft := good()
			test.change(&draft)
			problems := rules.CheckImage(strict(), draft)
			var at []string
			for _, p := range problems {
				at = append(at, p.Attribute)
				if p.Hint == "" || strings.HasSuffix(p.Message, ".") {
					t.Errorf("%q needs a hint and no full stop", p.Message)
				}
			}
			if !slices.Equal(at, test.at) {
				t.Fatalf("got problems at %v (%+v), want %v", at, problems, test.at)
			}
			if len(problems) > 0 && !strings.Contains(problems[0].Message, test.says) {
				t.Errorf("got %q, want it to say %q", problems[0].Message, test.says)
			}
		})
	}
}

// A URL may hold a signature: whatever is wrong with it, no text repeats it.
func TestCheckImage_neverQuotesTheURL(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"ftp://h/CANARY", "https://h/CANARY.zip", "https://CANARY%zz", "CANARY"} {
		problems := rules.CheckImage(strict(), rules.ImageConfig{Name: known("a"), OSType: known("Linux"), URL: known(text), URLAttribute: "url_wo"})
		if len(problems) != 1 {
			t.Errorf("%s: got %+v, want one problem", text, problems)
		}
		for _, p := range problems {
			if strings.Contains(p.Message+p.Hint, "CANARY") {
				t.Errorf("%s is quoted in %+v", text, p)
			}
		}
	}
}

func TestCheckImageQueries_refusesWhatACloudDoesNotKnow(t *testing.T) {
	t.Parallel()
	problems := rules.CheckImageFilterFields(strict(), driver.ImageFilterSearch, driver.ImageFilterFamily)
	if len(problems) != 1 || problems[0].Attribute != "family" || !strings.Contains(problems[0].Message, "Strict cannot narrow") {
		t.Errorf("got %+v, want one problem at family", problems)
	}
}

func TestImageRule_knows(t *testing.T) {
	t.Parallel()
	rule := strict().Limits.Image
	for field, want := range map[driver.ImageField]bool{
		driver.ImageOSType: true, driver.ImageVersion: true, driver.ImageSizeMB: true, driver.ImageZones: false, driver.ImageDefaultUser: false,
	} {
		if rule.Knows(field) != want {
			t.Errorf("%s: got %t", field, !want)
		}
	}
	if rule.Takes(driver.ImageSizeMB) {
		t.Error("what is only reported must not be taken")
	}
}

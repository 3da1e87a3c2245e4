package sim

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const (
	// brokenHost is a host whose files cannot be fetched. A word before it is the reason of the operation, as in
	// busy.broken.example.net. With "timeout" the operation ends in the state timeout.
	brokenHost = "broken.example.net"
	// longPromoted is the limit of a description in a promotion, higher than in all other requests.
	longPromoted = 4096
)

// registerBody is what register-template takes.
type registerBody struct {
	Name            *string `json:"name"`
	Description     *string `json:"description"`
	URL             *string `json:"url"`
	Checksum        *string `json:"checksum"`
	DefaultUser     *string `json:"default-user"`
	Build           *string `json:"build"`
	Version         *string `json:"version"`
	Maintainer      *string `json:"maintainer"`
	BootMode        *string `json:"boot-mode"`
	Size            *int64  `json:"size"`
	SSHKeyEnabled   *bool   `json:"ssh-key-enabled"`
	PasswordEnabled *bool   `json:"password-enabled"`
	Consistent      *bool   `json:"application-consistent-snapshot-enabled"`
}

func (b registerBody) check() rules {
	var r rules
	r.text("name", b.Name, true, 1, longName)
	r.text("description", b.Description, false, 0, longDescription)
	r.text("url", b.URL, true, 1, 1<<16)
	r.text("checksum", b.Checksum, true, 1, 1<<16)
	r.text("default-user", b.DefaultUser, false, 1, longName)
	r.text("build", b.Build, false, 1, longName)
	r.text("version", b.Version, false, 1, longName)
	r.text("maintainer", b.Maintainer, false, 1, longName)
	r.present("ssh-key-enabled", b.SSHKeyEnabled)
	r.present("password-enabled", b.PasswordEnabled)
	if b.BootMode != nil && *b.BootMode != "legacy" && *b.BootMode != "uefi" {
		r = append(r, field{"boot-mode", "must be legacy or uefi"})
	}
	if b.Size != nil && *b.Size <= 0 {
		r = append(r, field{"size", "must be greater than 0"})
	}
	if b.URL != nil {
		if u, err := url.Parse(*b.URL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			r = append(r, field{"url", "must be a URL"})
		}
	}
	return r
}

func (s *Simulator) registerTemplate(x *exchange, _ string) {
	var body registerBody
	if !x.decode(&body, true) || body.check().refuse(x) || x.full(x.zone, quotaTemplate) {
		return
	}
	t := &template{
		ID: s.State.newID("template", x.zone.Name), Name: *body.Name, Description: text(body.Description),
		Family: otherFamily, SizeBytes: simkit.ValueOr(body.Size, 10*gib), Checksum: *body.Checksum,
		BootMode: simkit.ValueOr(body.BootMode, "legacy"), Build: text(body.Build), Version: text(body.Version),
		Maintainer: text(body.Maintainer), DefaultUser: text(body.DefaultUser), URL: *body.URL, Visibility: private,
		SSHKey: *body.SSHKeyEnabled, Password: *body.PasswordEnabled,
		Consistent: simkit.ValueOr(body.Consistent, false), CreatedAt: s.Now(), Pending: true,
	}
	x.zone.Templates = append(x.zone.Templates, t)
	op := operation{Work: workMakeTemplate, RefID: t.ID, RefNoun: "template", Locks: []string{t.ID}}
	op.Fails, op.FailText = s.fetch(x, t.URL, t.Checksum)
	s.begin(x, op)
}

// checksumParam is the query parameter with the MD5 of the file of a URL. The simulator fetches nothing, so it compares
// a checksum only with this parameter and with files of its own object storage.
const checksumParam = "md5"

var md5Form = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

// fetch returns the reason and the message with which making a template of a URL fails. Both are empty if it succeeds.
func (s *Simulator) fetch(x *exchange, link, checksum string) (reason, message string) {
	const absent, differs = "the template file could not be fetched", "the checksum of the template file does not match"
	u, err := url.Parse(link)
	if err != nil {
		return "", ""
	}
	if reason := fetchFailure(u.Hostname()); reason != "" {
		return reason, absent
	}
	actual := u.Query().Get(checksumParam)
	if name, path, ok := strings.Cut(strings.TrimPrefix(u.Path, s.Mount+"/"), "/sos"); ok && u.Host == x.r.Host {
		n := s.stored(s.State.zone(name), path, u.Query())
		if n == nil {
			return "fault", absent
		}
		actual = diskMD5(n)
	}
	if !md5Form.MatchString(checksum) || (actual != "" && !strings.EqualFold(actual, checksum)) {
		return "incorrect", differs
	}
	return "", ""
}

// fetchFailure returns the reason why fetching from a host fails, or "".
func fetchFailure(host string) string {
	reason, broken := strings.CutSuffix(host, "."+brokenHost)
	switch {
	case host == brokenHost:
		return "fault"
	case broken && slices.Contains(reasons, reason):
		return reason
	default:
		return ""
	}
}

func (s *Simulator) promoteSnapshot(x *exchange, id string) {
	n := x.usable(id)
	if n == nil {
		return
	}
	var body struct {
		Name            *string `json:"name"`
		Description     *string `json:"description"`
		DefaultUser     *string `json:"default-user"`
		SSHKeyEnabled   *bool   `json:"ssh-key-enabled"`
		PasswordEnabled *bool   `json:"password-enabled"`
	}
	if !x.decode(&body, true) {
		return
	}
	var r rules
	r.text("name", body.Name, true, 1, longName)
	r.text("description", body.Description, false, 0, longPromoted)
	r.text("default-user", body.DefaultUser, false, 1, longName)
	if r.refuse(x) || x.full(x.zone, quotaTemplate) {
		return
	}
	t := &template{
		ID: s.State.newID("template", x.zone.Name), Name: *body.Name, Family: otherFamily,
		// A promotion accepts 4096 characters of description, and the template keeps the first 255.
		Description: firstRunes(simkit.ValueOr(body.Description, "Promoted snapshot - "+n.Name), longDescription),
		SizeBytes:   int64(n.SizeGiB) * gib, Checksum: diskMD5(n), BootMode: n.BootMode,
		DefaultUser: text(body.DefaultUser), Visibility: private,
		SSHKey: simkit.ValueOr(body.SSHKeyEnabled, true), Password: simkit.ValueOr(body.PasswordEnabled, false),
		Consistent: n.Consistent, CreatedAt: s.Now(), Pending: true,
	}
	x.zone.Templates = append(x.zone.Templates, t)
	s.begin(x, operation{Work: workMakeTemplate, RefID: t.ID, RefNoun: "template", Locks: []string{id, t.ID}})
}

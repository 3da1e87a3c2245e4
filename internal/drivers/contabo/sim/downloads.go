package sim

import (
	"net/url"
	"strings"
	"time"
)

// The words for an image's state, as the official provider knows them.
const (
	pending     = "pending"
	downloading = "downloading"
	downloaded  = "downloaded"
	failed      = "error"
)

// finishDownloads ends what is due. It stays ended, whatever the clock does.
func (s *Simulator) finishDownloads() {
	for n := range s.state.Images {
		i := &s.state.Images[n]
		if !i.Over && s.world.Due(i.Created) {
			i.Over = true
			i.Modified = i.Created.Add(s.world.Latency)
		}
	}
}

// host is where an image comes from: it decides how the download goes.
func (i image) host() string {
	u, err := url.Parse(i.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (i image) broken() bool {
	return strings.HasPrefix(i.host(), "broken.") || strings.HasPrefix(i.host(), "broken-mixed-case.")
}

func (i image) mixedCase() bool {
	return strings.HasPrefix(i.host(), "mixed-case.") || strings.HasPrefix(i.host(), "broken-mixed-case.")
}

// phase is where the download is, and how many megabytes have arrived.
func (s *Simulator) phase(i image) (word string, arrived int64) {
	gone, pace := s.world.Now().Sub(i.Created), s.world.Latency
	switch {
	case i.Over && i.broken():
		return failed, 0
	case i.Over:
		return downloaded, i.SizeMB
	case gone < pace/2:
		return pending, 0
	default:
		half := pace - pace/2
		part := min(max(gone-pace/2, 0), half) / time.Microsecond
		return downloading, i.SizeMB * int64(part) / max(int64(half/time.Microsecond), 1)
	}
}

// portableState is the state in the provider's words.
func (s *Simulator) portableState(i image) string {
	switch word, _ := s.phase(i); word {
	case downloaded:
		return "ready"
	case failed:
		return "error"
	default:
		return "creating"
	}
}

// imageRecord has all members of ImageResponse. The size is known when the download is over.
func (s *Simulator) imageRecord(i image) record {
	word, arrived := s.phase(i)
	var size int64
	var message string
	switch word {
	case downloaded:
		size = i.SizeMB
	case failed:
		message = "Error downloading image from provided URL"
	}
	if i.mixedCase() {
		word = strings.ToUpper(word[:1]) + word[1:]
	}
	return record{
		"imageId":          i.ID,
		"tenantId":         tenantID,
		"customerId":       customerID,
		"name":             i.Name,
		"description":      i.Description,
		"url":              i.URL,
		"sizeMb":           size,
		"uploadedSizeMb":   arrived,
		"osType":           i.OSType,
		"version":          i.Version,
		"format":           i.Format,
		"status":           word,
		"errorMessage":     message,
		"standardImage":    i.Standard,
		"creationDate":     stamp(i.Created),
		"lastModifiedDate": stamp(i.Modified),
	}
}
